"""How forms look: every Django form is drawn by the same two templates."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws `{{ form }}` with a summary of its errors, and each field with label, hint and error."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
