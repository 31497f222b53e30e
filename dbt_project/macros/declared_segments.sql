{#- The segments that models/marts/segments/dim_segments.yml declares, in order of their ids, each
    with what follows from its entry: `conditions` (all have to hold), `builds_on` (segments),
    `sql`, `consent`, `version`. Read from the graph, which only exists while dbt runs; while dbt
    parses there are none. orchestration/segments refuses a night whose entries are wrong. -#}
{% macro declared_segments() -%}
    {%- set declared = [] -%}
    {%- if execute -%}
        {%- for segment_id, entry in
            graph.nodes['model.strata.dim_segments'].config.meta.segments | dictsort -%}
            {%- do declared.append(read_segment(segment_id, entry)) -%}
        {%- endfor -%}
        {%- for level in segment_levels(declared) -%}
            {%- for segment in level -%}
                {%- set built_on = [] -%}
                {%- for other in declared if other.segment_id in segment.builds_on -%}
                    {%- do built_on.append(other.version) -%}
                {%- endfor -%}
                {%- do segment.update(
                    version=local_md5((segment.parts + built_on) | join('\n'))
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(declared) }}
{%- endmacro %}

{#- One entry with what follows from it by itself. -#}
{% macro read_segment(segment_id, entry) -%}
    {%- set source = entry.get('membership_source', 'rule') -%}
    {%- set rule = entry.get('rule', '') if source == 'rule' else "group('" ~ entry.group ~ "')" -%}
    {%- set conditions = [] -%}
    {%- for text in rule_conditions(rule).split('\n') -%}
        {%- do conditions.append({'text': text, 'sql': rule_sql(text)}) -%}
    {%- endfor -%}
    {%- for exclusion in entry.get('exclusions') or [] -%}
        {%- set text = one_line(exclusion) -%}
        {%- do conditions.append({
            'text': 'not (' ~ text ~ ')',
            'sql': 'not coalesce(' ~ rule_sql(text) ~ ', false)',
        }) -%}
    {%- endfor -%}
    {%- set consent = entry.get('channel') if entry.get('needs_consent') -%}
    {%- set channel = 'contactable_' ~ (consent or '') -%}
    {%- set texts = conditions | map(attribute='text') | list -%}
    {{ return(dict(
        entry,
        segment_id=segment_id,
        rule=one_line(rule),
        membership_source=source,
        conditions=conditions + ([{'text': channel, 'sql': channel}] if consent else []),
        builds_on=modules.re.findall(
            "\\bsegment\\s*[(]\\s*'([^']+)'\\s*[)]", texts | join(' ')
        ),
        consent=consent,
        sql='(' ~ conditions | map(attribute='sql') | join(') and (') ~ ')',
        parts=(texts | sort) + [consent or ''] + segment_settings(texts | join(' ')),
    )) }}
{%- endmacro %}

{#- Segments in levels: each builds only on segments of the levels before it. -#}
{% macro segment_levels(segments) -%}
    {%- set levels, placed = [], [] -%}
    {%- for _ in segments -%}
        {%- set level, names = [], [] -%}
        {%- for segment in segments if segment.segment_id not in placed -%}
            {%- if segment.builds_on | reject('in', placed) | list | length == 0 -%}
                {%- do level.append(segment) -%}
                {%- do names.append(segment.segment_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if level -%}
            {%- do levels.append(level) -%}
            {%- do placed.extend(names) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(levels) }}
{%- endmacro %}

{#- Values of the seeds and vars that decide about the columns which a rule names, as the columns of
    int_customer_profile_tagged declare them: with them a definition changes, not with the data. -#}
{% macro segment_settings(rule) -%}
    {%- set found = [] -%}
    {%- for name, column in
        graph.nodes['model.strata.int_customer_profile_tagged'].columns | dictsort -%}
        {%- if modules.re.search('\\b' ~ name ~ '\\b', rule) -%}
            {%- for seed in column.config.meta.get('seeds', []) -%}
                {%- do found.append(graph.nodes['seed.strata.' ~ seed].checksum.checksum) -%}
            {%- endfor -%}
            {%- for setting in column.config.meta.get('vars', []) -%}
                {%- do found.append(setting ~ '=' ~ var(setting)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The columns of int_customer_profile_tagged that only the customer or somebody who deals with
    them changes, as they declare themselves. -#}
{% macro own_facts(alias) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for name, column in
            graph.nodes['model.strata.int_customer_profile_tagged'].columns | dictsort -%}
            {%- if column.config.meta.get('is_own_fact') -%}
                {%- do found.append(alias ~ '.' ~ name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- The conditions of all segments, the consent of a channel among them: `segment_id`, `number`,
    `text`, `sql`, `observed` (what is compared, as text) and `limit` (with what). -#}
{% macro declared_conditions() -%}
    {%- set declared = declared_segments() -%}
    {%- set conditions = [] -%}
    {%- for segment in declared -%}
        {%- for condition in segment.conditions -%}
            {%- set at = namespace(sql=condition.sql) -%}
            {%- for other in declared -%}
                {%- set at.sql = at.sql | replace(
                    '(standing_' ~ other.segment_id ~ ' =',
                    '(substring(segment_pattern, ' ~ loop.index ~ ', 1) ='
                ) -%}
            {%- endfor -%}
            {%- set compared = modules.re.match(
                '(\w+)\s*((?:=|!=|<>|<=|>=|<|>|\bnot\b|\bin\b|\bbetween\b|\blike\b|\bis\b).*)',
                condition.text
            ) -%}
            {%- set is_simple = compared and compared.group(1) not in ('not', 'case') -%}
            {%- do conditions.append({
                'segment_id': segment.segment_id,
                'number': loop.index,
                'text': condition.text,
                'sql': 'coalesce(' ~ at.sql ~ ', false)',
                'observed': compared.group(1) if is_simple else at.sql,
                'limit': compared.group(2) | trim if is_simple else 'true',
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(conditions) }}
{%- endmacro %}

{#- The CTEs level_1, level_2 and so on: the standing in every segment, of which each level knows
    those before it. m is a member, c would be one but for consent, - is outside. -#}
{% macro judged_levels(relation, levels) -%}
{%- for level in levels -%}
level_{{ loop.index }} as (
    select
        *,
        {% for segment in level -%}
        case
            when not coalesce({{ segment.sql }}, false) then '-'
            {% if segment.consent -%}
            when not coalesce(contactable_{{ segment.consent }}, false) then 'c'
            {% endif -%}
            else 'm'
        end as standing_{{ segment.segment_id }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ relation if loop.first else 'level_' ~ loop.index0 }}
){{ ',\n\n' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- The columns that int_customer_profile_tagged declares and takes from the profile. -#}
{% macro profile_words() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for name in graph.nodes['model.strata.int_customer_profile_tagged'].columns -%}
            {%- if name not in ('as_of_date', 'tag_list', 'group_list') -%}
                {%- do found.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
