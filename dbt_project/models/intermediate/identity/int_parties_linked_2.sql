{{ linked_parties(2) }}
