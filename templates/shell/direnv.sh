{# Assignments for an .envrc. One call of watch_file for all files, since each call starts direnv. #}
{% if watched %}
watch_file{% for file in watched %} {{ file }}{% endfor %}

{% endif %}
{% for variable in variables %}
export {{ variable.name|safe }}={{ variable.value }}
{% endfor %}
