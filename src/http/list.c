#include "http/list.h"

#include "base/ascii.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool http_field_is(const hf_field *field, const char *name)
{
    return base_ascii_is(field->name.data, field->name.length, name);
}

bool http_list_take(hf_span *list, hf_span *element)
{
    const char *at = list->data, *end = at + list->length, *to;

    while (at < end && (is_blank(*at) || *at == ','))
        at++;
    if (at == end)
        return false;
    to = memchr(at, ',', (size_t)(end - at));
    if (to == NULL)
        to = end;
    *list = (hf_span){to, (size_t)(end - to)};
    while (is_blank(to[-1]))
        to--;
    *element = (hf_span){at, (size_t)(to - at)};
    return true;
}

bool http_list_has(const hf_field *fields, size_t count, const char *name, const char *wanted)
{
    for (size_t i = 0; i < count; i++) {
        hf_span list = fields[i].value, element;

        while (http_field_is(&fields[i], name) && http_list_take(&list, &element))
            if (base_ascii_is(element.data, element.length, wanted))
                return true;
    }
    return false;
}

const hf_field *http_field_find(const hf_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (http_field_is(&fields[i], name))
            return &fields[i];
    return NULL;
}
