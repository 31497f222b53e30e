{#- Rules that contacts and leads of Zoho share, for `base` is either. -#}

{#- Whether a record is not in the bin. What was thrown away can be restored for some weeks, and may
    be exported until then. -#}
{% macro is_not_in_bin() -%}
    lower(coalesce(record_status, 'available')) != 'trash'
{%- endmacro %}

{#- What the phone that counts is good for: the mobile comes first, then the phone. -#}
{% macro state_of_best_phone() -%}
    case
            when coalesce(base.mobile, base.phone) is not null then 'usable'
            when base.mobile_state != 'missing' then base.mobile_state
            else base.phone_state
        end
{%- endmacro %}

{#- Whether somebody refused e-mail. A refusal counts whichever column states it. -#}
{% macro is_unsubscribed() -%}
    (
            coalesce(base.has_email_opt_out, false)
            or base.unsubscribed_at is not null
        )
{%- endmacro %}
