/* The codecs. */
#ifndef FORMATS_FORMATS_H
#define FORMATS_FORMATS_H

#include "holdfast/formats.h"

/* More than two million hosts in any of the formats; a file beyond it is nobody's store, and would be read for minutes.
 */
#define HF__OCTETS_MAX (UINT64_C(512) << 20)

extern const hf_format hf__format_chromium, hf__format_firefox, hf__format_firefox_txt, hf__format_safari,
    hf__format_curl, hf__format_wget, hf__format_wget2, hf__format_libsoup;

#endif
