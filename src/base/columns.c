#include "base/columns.h"

#include "base/utf8.h"

#include <unicode/uchar.h>

size_t base_columns_of(uint32_t point)
{
    int width;

    if (point < 0x300)
        return 1;
    if ((U_GET_GC_MASK((UChar32)point) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0)
        return 0;
    width = u_getIntPropertyValue((UChar32)point, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t base_columns(const char *text, size_t length)
{
    size_t columns = 0;

    for (size_t at = 0; at < length;) {
        uint32_t point;
        size_t taken = base_utf8_decode(text + at, length - at, &point);

        columns += taken > 0 ? base_columns_of(point) : 1;
        at += taken > 0 ? taken : 1;
    }
    return columns;
}
