#include "report/report.h"

#include <string.h>

#define FORMAT_X(name) extern const report_format report_format_##name;
REPORT_FORMAT_MAP(FORMAT_X)
#undef FORMAT_X

static const report_format *const formats[] = {
#define FORMAT_X(name) &report_format_##name,
    REPORT_FORMAT_MAP(FORMAT_X)
#undef FORMAT_X
        NULL,
};

const report_format *report_find(const char *name)
{
    for (const report_format *const *format = formats; *format != NULL; format++)
        if (strcmp((*format)->name, name) == 0)
            return *format;
    return NULL;
}
