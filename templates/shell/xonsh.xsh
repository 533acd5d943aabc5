{# Assignments for xonsh, one line each. A variable that is called a path is a list of folders to it, in which it replaces `~` and `$`. #}
{% for variable in variables %}
{% if variable.name is endingwith("PATH") or variable.name is endingwith("DIRS") %}
{% if "~" in variable.value or "$" in variable.value %}
${...}.register('{{ variable.name|safe }}', type='str')
{% endif %}
{% endif %}
${{ variable.name|safe }} = {{ variable.value }}
{% endfor %}
