{{ linked_parties(4) }}
