{{ paired_parties(4) }}
