{{ linked_parties(1) }}
