{{ paired_parties(3) }}
