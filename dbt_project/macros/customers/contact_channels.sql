{#- The channels of which the customer base says whether somebody may be contacted there. -#}
{% macro contact_channels() -%}
    {{ return(['wechat', 'phone', 'sms', 'email']) }}
{%- endmacro %}

{#- What of a customer is tracked over time. -#}
{% macro tracked_attributes() -%}
    {%- set tracked = [
        'customer_type', 'gender', 'age_band', 'province', 'city', 'district', 'is_member',
    ] -%}
    {%- for channel in contact_channels() -%}
        {%- do tracked.append('contactable_' ~ channel) -%}
        {%- do tracked.append('contactable_' ~ channel ~ '_reason') -%}
    {%- endfor -%}
    {{ return(tracked) }}
{%- endmacro %}
