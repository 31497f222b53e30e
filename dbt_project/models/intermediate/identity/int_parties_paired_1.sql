{{ paired_parties(1) }}
