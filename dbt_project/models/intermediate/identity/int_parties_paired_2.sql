{{ paired_parties(2) }}
