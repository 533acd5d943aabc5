{# Assignments for fish: global and exported. #}
{% for variable in variables %}
set -gx {{ variable.name|safe }} {{ variable.value }}
{% endfor %}
