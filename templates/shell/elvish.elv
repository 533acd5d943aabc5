{# Assignments for Elvish. #}
{% for variable in variables %}
set-env {{ variable.name|safe }} {{ variable.value }}
{% endfor %}
