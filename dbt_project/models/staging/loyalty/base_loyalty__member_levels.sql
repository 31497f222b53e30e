{{ typed_rows('loyalty', 'member_levels') }}
