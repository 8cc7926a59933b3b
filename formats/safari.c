#include "formats.h"
static bool detect(hf_span head, uint64_t length)
{
    (void)head;
    (void)length;
    return false;
}
const hf_format hf__format_safari = {.name = "safari", .detect = detect};
