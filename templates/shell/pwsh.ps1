{# Assignments for PowerShell, one line each. #}
{% for variable in variables %}
$env:{{ variable.name|safe }} = {{ variable.value }}
{% endfor %}
