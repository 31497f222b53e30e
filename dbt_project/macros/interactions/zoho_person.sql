{#- The record of the person that something of Zoho is about: the contact that it names, else the
    contact or lead that it is related to. Null where it is about a deal or a company alone. -#}
{% macro zoho_person(contact_id='null') -%}
    case
            when {{ contact_id }} is not null then 'zoho:' || {{ contact_id }}
            when related_module = 'Contacts' then 'zoho:' || related_id
            when related_module = 'Leads' then 'zoho.lead:' || related_id
        end
{%- endmacro %}
