{#- Text without guards against Excel (`="…"`, a leading apostrophe, tabs), without signs of no
    width, and without spaces of any kind around it; null where nothing, or only a token for
    nothing, is left. `Na` is a name, `na` and `NA` are none. -#}
{% macro to_text(column) -%}
    {%- set text = trimmed(unguarded(trimmed(visible(column)))) -%}
    nullif(regexp_replace({{ text }}, '^(-|--|——|(?i:null|n/a)|na|NA|无)$', ''), '')
{%- endmacro %}

{#- Text with tabs as spaces, and without marks of byte order, direction and joins of no width. -#}
{% macro visible(text) -%}
    regexp_replace(
        replace({{ text }}, '{{ "\t" }}', ' '),
        '[{{ "\ufeff\u200b\u2060\u200e\u200f\u202a\u202c\u202d" }}]', '', 'g'
    )
{%- endmacro %}

{#- Text without spaces around it, also those of Chinese and of web pages, and line breaks. -#}
{% macro trimmed(text) -%}
    {%- set space = "[ \r\n\u00a0\u3000]+" -%}
    regexp_replace({{ text }}, '^{{ space }}|{{ space }}$', '', 'g')
{%- endmacro %}

{#- Text without what keeps Excel from reading it as a number: `="…"` or a leading apostrophe. -#}
{% macro unguarded(text) -%}
    regexp_replace(regexp_replace({{ text }}, '^="(.*)"$', '\1'), '^''', '')
{%- endmacro %}
