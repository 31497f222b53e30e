{#- The address that all spellings of a mailbox have in common. Only a provider of the seed that is
    known to ignore dots, or what follows a plus, has them taken out; `providers` is its row. -#}
{% macro email_key(email) -%}
    {%- set mailbox = "split_part(" ~ email ~ ", '@', 1)" -%}
    {%- set untagged = "case when providers.ignores_plus then split_part(" ~ mailbox
        ~ ", '+', 1) else " ~ mailbox ~ " end" -%}
    case
        when providers.domain is null then {{ email }}
        when providers.ignores_dots
            then replace({{ untagged }}, '.', '') || '@' || providers.canonical_domain
        else {{ untagged }} || '@' || providers.canonical_domain
    end
{%- endmacro %}
