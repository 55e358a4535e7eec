"""Forms: JSON Schema 2020-12 in a closed subset, with hints for people (x-ui) and rules over several fields (x-rules).

``form.schema.json`` is the definition. A form bounds everything: 200 fields, three levels, texts of 4,000 characters
and lists of 200 items unless it declares less (or, for texts, up to 20,000).
"""

from yiwang.kernel.forms.check import check_form
from yiwang.kernel.forms.form import Field, FileFacts, Form, FormInvalid, NotAForm, Section

__all__ = ["Field", "FileFacts", "Form", "FormInvalid", "NotAForm", "Section", "check_form"]
