{{ typed_rows('zoho', 'campaign_members', tombstones=ref('stg_zoho__deleted_records')) }}
