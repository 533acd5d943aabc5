{# Assignments for tcsh. Where a command substitution makes one line of them, the semicolons keep them apart. #}
{% for variable in variables %}
setenv {{ variable.name|safe }} {{ variable.value }} ;
{% endfor %}
