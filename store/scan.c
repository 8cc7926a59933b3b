#include "scan.h"

void hf__scan_start(hf__scan *scan, const hf__io *io, int file, uint64_t from, uint64_t end)
{
    scan->io = io;
    scan->file = file;
    scan->at = scan->buffered_from = from;
    scan->end = end < from ? from : end;
    scan->buffered = 0;
}

/* Sees to it that the buffer holds the longest row that may begin at `at`, or what there is until the end. */
static bool fill(hf__scan *scan)
{
    uint64_t buffer_end = scan->buffered_from + scan->buffered, wanted = scan->at + HF__ROW_MAX;

    if (buffer_end >= (wanted < scan->end ? wanted : scan->end))
        return true;
    uint64_t left = scan->end - scan->at;
    size_t size = left < sizeof scan->buffer ? (size_t)left : sizeof scan->buffer;
    scan->buffered_from = scan->at;
    if (!hf__read_at(scan->io, scan->file, scan->buffer, size, scan->at, &scan->buffered))
        return false;
    if (scan->buffered < size) /* the file has become shorter */
        scan->end = scan->at + scan->buffered;
    return true;
}

static const uint8_t *octets_at(const hf__scan *scan, size_t *available)
{
    size_t from = (size_t)(scan->at - scan->buffered_from);

    *available = scan->buffered - from;
    return scan->buffer + from;
}

static bool all_zero(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (octets[i] != 0)
            return false;
    }
    return true;
}

/* What a writer leaves that died half way: the beginning of a row, or, after the power went, a row of which nothing was
 * kept. */
static bool looks_cut_off(const uint8_t *octets, size_t available)
{
    if (available < HF__ROW_HEAD)
        return true;
    return hf__row_claim(octets, available) > available || all_zero(octets, HF__ROW_HEAD);
}

hf__step hf__scan_next(hf__scan *scan, hf__found *found)
{
    found->offset = scan->at;
    found->cut_off = false;
    while (scan->at < scan->end) {
        if (!fill(scan))
            return HF__STEP_ERROR;
        size_t available;
        const uint8_t *octets = octets_at(scan, &available);
        size_t length = hf__row_read(octets, available, scan->at, &found->row);
        if (length > 0 && scan->at == found->offset) {
            found->length = length;
            scan->at += length;
            return HF__STEP_ROW;
        }
        if (length > 0)
            break;
        if (scan->at == found->offset)
            found->cut_off = looks_cut_off(octets, available);
        scan->at = available < HF__ROW_HEAD ? scan->end : scan->at + HF__ROW_UNIT;
    }
    found->length = scan->at - found->offset;
    return found->length > 0 ? HF__STEP_GAP : HF__STEP_END;
}
