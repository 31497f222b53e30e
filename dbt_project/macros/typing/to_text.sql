{#- Text without guards against Excel (`="…"`, a leading apostrophe, tabs), without signs of no
    width, and without spaces of any kind around it; null where nothing, or only a token for
    nothing, is left. `Na` is a name, `na` and `NA` are none. -#}
{% macro to_text(column) -%}
    case when {{ is_plain(column) }} then {{ column }} else {{ cleaned_text(column) }} end
{%- endmacro %}

{#- Whether a text is as cleaning would leave it, told by its ends and by what must not be in it.
    Nearly every cell is, and looking once costs a fifth of cleaning it step by step. -#}
{% macro is_plain(text) -%}
    {%- set unseen = "\t" ~ unseen_signs() -%}
    {%- set first = "([^" ~ unseen ~ spaces() ~ "='—nN无-]|-[0-9])" -%}
    {%- set last = "[^" ~ unseen ~ spaces() ~ "]" -%}
    regexp_matches({{ text }}, '^{{ first | replace("'", "''") }}([^{{ unseen }}]*{{ last }})?$')
{%- endmacro %}

{% macro cleaned_text(column) -%}
    {%- set text = trimmed(unguarded(trimmed(visible(column)))) -%}
    nullif(regexp_replace({{ text }}, '^(-|--|——|(?i:null|n/a)|na|NA|无)$', ''), '')
{%- endmacro %}

{#- Text with tabs as spaces, and without signs of no width. -#}
{% macro visible(text) -%}
    regexp_replace(
        replace({{ text }}, '{{ "\t" }}', ' '), '[{{ unseen_signs() }}]', '', 'g'
    )
{%- endmacro %}

{#- Text without spaces around it. -#}
{% macro trimmed(text) -%}
    regexp_replace({{ text }}, '^[{{ spaces() }}]+|[{{ spaces() }}]+$', '', 'g')
{%- endmacro %}

{#- Marks of byte order, direction and joins of no width. -#}
{% macro unseen_signs() -%}
    {{ "\ufeff\u200b\u2060\u200e\u200f\u202a\u202c\u202d" }}
{%- endmacro %}

{#- Spaces, also those of Chinese and of web pages, and line breaks. -#}
{% macro spaces() -%}
    {{ " \r\n\u00a0\u3000" }}
{%- endmacro %}

{#- Text without what keeps Excel from reading it as a number: `="…"` or a leading apostrophe. -#}
{% macro unguarded(text) -%}
    regexp_replace(regexp_replace({{ text }}, '^="(.*)"$', '\1'), '^''', '')
{%- endmacro %}
