{#- How the rule of a segment is read. These macros use nothing of dbt but its regular expressions,
    and write texts. -#}

{#- The rule without line ends and double spaces outside of texts. -#}
{% macro one_line(rule) -%}
    {%- set words = [] -%}
    {%- for token in modules.re.findall("'(?:[^']|'')*'|[^']+", rule ~ '') -%}
        {%- do words.append(
            token if token[0] == "'" else modules.re.sub('\\s+', ' ', token)
        ) -%}
    {%- endfor -%}
    {{- words | join('') | trim -}}
{%- endmacro %}

{#- The conditions of a rule, one a line: its parts between every `and` outside of parentheses, of
    `case`, and of `between`. A rule with an `or` out there is one condition. -#}
{% macro rule_conditions(rule) -%}
    {%- set tokens = modules.re.findall(
        "'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|[()]|[^'A-Za-z_()]+", one_line(rule)
    ) -%}
    {%- set at = namespace(depth=0, betweens=0, is_either=false, words=[]) -%}
    {%- set conditions = [] -%}
    {%- for token in tokens -%}
        {%- set word = token | lower -%}
        {%- set is_outside = at.depth == 0 -%}
        {%- if word in ('(', 'case') -%}{%- set at.depth = at.depth + 1 -%}{%- endif -%}
        {%- if word in (')', 'end') -%}{%- set at.depth = at.depth - 1 -%}{%- endif -%}
        {%- if is_outside and word == 'or' -%}{%- set at.is_either = true -%}{%- endif -%}
        {%- if is_outside and word == 'between' -%}
            {%- set at.betweens = at.betweens + 1 -%}
        {%- endif -%}
        {%- if is_outside and word == 'and' and at.betweens == 0 -%}
            {%- do conditions.append(at.words | join('') | trim) -%}
            {%- set at.words = [] -%}
        {%- else -%}
            {%- if is_outside and word == 'and' -%}
                {%- set at.betweens = at.betweens - 1 -%}
            {%- endif -%}
            {%- do at.words.append(token) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do conditions.append(at.words | join('') | trim) -%}
    {{- one_line(rule) if at.is_either else conditions | join('\n') -}}
{%- endmacro %}

{#- A condition as SQL over int_customer_profile_tagged and the standings judged before it. -#}
{% macro rule_sql(condition) -%}
    {%- set tagged = modules.re.sub(
        "\\btag\\s*[(]\\s*'([^']+)'\\s*[)]", "(position('|\\1|' in tag_list) > 0)", condition
    ) -%}
    {%- set grouped = modules.re.sub(
        "\\bgroup\\s*[(]\\s*'([^']+)'\\s*[)]", "(position('|\\1|' in group_list) > 0)", tagged
    ) -%}
    {{- modules.re.sub("\\bsegment\\s*[(]\\s*'([^']+)'\\s*[)]", "(standing_\\1 = 'm')", grouped) -}}
{%- endmacro %}

{#- A setting of a segment as a text of SQL; null where the entry has none. -#}
{% macro segment_text(value) -%}
    {%- if value is none or value is undefined or value == '' -%}
    cast(null as {{ dbt.type_string() }})
    {%- else -%}
    cast({{ dbt.string_literal(dbt.escape_single_quotes(value ~ '')) }} as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
