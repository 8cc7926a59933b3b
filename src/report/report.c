#include "report/report.h"

#include "report/formats.h"

static const report_format formats[] = {
    {"text", report_text},
    {"json", report_json},
};

const report_format *report_find(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
