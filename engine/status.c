#include "holdfast/status.h"

const char *hf_status_name(hf_status status)
{
    switch (status) {
#define HF_X(name, number, text)                                                                                       \
    case name:                                                                                                         \
        return #name;
        HF_STATUS_MAP(HF_X)
#undef HF_X
    }
    return "HF_E_?";
}

const char *hf_status_text(hf_status status)
{
    switch (status) {
#define HF_X(name, number, text)                                                                                       \
    case name:                                                                                                         \
        return text;
        HF_STATUS_MAP(HF_X)
#undef HF_X
    }
    return "an unknown error";
}

const char *hf_version(void)
{
    return HF_VERSION;
}
