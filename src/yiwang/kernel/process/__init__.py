"""Processes: BPMN definitions, running instances, and the tasks of posts."""
