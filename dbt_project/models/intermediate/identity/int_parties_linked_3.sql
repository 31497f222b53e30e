{{ linked_parties(3) }}
