/* What is known about each note id: the table of header.h, asked one column at a time. */
#include "holdfast/header.h"

typedef struct note_facts {
    const char *name, *section, *message;
    hf_severity severity;
} note_facts;

static const note_facts facts[HF_NOTE_COUNT] = {
#define HF_X(symbol, name, severity, section, message)                                                                 \
    [HF_NOTE_##symbol] = {name, section, message, HF_SEVERITY_##severity},
    HF_NOTE_MAP(HF_X)
#undef HF_X
};

static const note_facts *facts_of(hf_note_id id)
{
    static const note_facts none = {"?", "?", "?", HF_SEVERITY_INFO};

    return (unsigned)id < HF_NOTE_COUNT ? &facts[id] : &none;
}

const char *hf_note_name(hf_note_id id)
{
    return facts_of(id)->name;
}

hf_severity hf_note_severity(hf_note_id id)
{
    return facts_of(id)->severity;
}

const char *hf_note_section(hf_note_id id)
{
    return facts_of(id)->section;
}

const char *hf_note_message(hf_note_id id)
{
    return facts_of(id)->message;
}

const char *hf_severity_name(hf_severity severity)
{
    switch (severity) {
    case HF_SEVERITY_INFO:
        return "info";
    case HF_SEVERITY_WARNING:
        return "warning";
    case HF_SEVERITY_ERROR:
        return "error";
    }
    return "?";
}
