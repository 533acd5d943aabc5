{# Assignments for bash, zsh, dash and every other POSIX shell. Strings print quoted; names were checked before. #}
{% for variable in variables %}
export {{ variable.name|safe }}={{ variable.value }}
{% endfor %}
