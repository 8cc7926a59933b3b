# The catalogue of findings: text files in the form of records.cmake become the enum `rule_id` and the table
# `rule_entries`. A family is a file; its first line is a comment, the heading of the family.
#
#   cert-expired                      the id: it reaches users, JSON and configurations, and is stable
#   severity: error                   info, warning or error
#   configuration: warning            the severity where a configuration is judged, if it is another one
#   section: 8.4                      of RFC 6797; -: not of it
#   title: the certificate ...        what is the case
#   why: Browsers reject it ...       why it matters: who is hurt
#   fix: Renew it ...                 what the owner of the site does
#   visitor: wait                     what a visitor can do: an id of visitors.txt; without: no visitor is hurt
#   others: testssl.sh says ...       where other tools or guides say something else; only where it is so
#   block: hsts-header max-age=300    the configuration that mends it, an id of blocks.txt; behind it the value that
#                                     stands for POLICY where the site has no policy of its own
#
# `configuration`, `visitor`, `others` and `block` may be left out. visitors.txt has records with `text`, blocks.txt
# records with the lines to paste into the configuration of nginx, Apache and Caddy, and the trap of each.
#
# As a script: cmake "-DFILES=a.txt;b.txt" -DVISITORS=visitors.txt -DBLOCKS=blocks.txt -DOUT=FOLDER -P catalogue.cmake

cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/records.cmake)
set(HF_CATALOGUE_SERVERS nginx apache caddy)
set(HF_CATALOGUE_KEEP hf_catalogue_keep) # what is done with each finding

macro(hf_catalogue_nothing)
endmacro()

# -- What several findings share -------------------------------------------------------------------------------------

macro(hf_catalogue_keep_visitor)
  set(visitor_of_${id} "${text}")
endmacro()

macro(hf_catalogue_visitors file)
  set(HF_RECORD_REQUIRED text)
  set(HF_RECORD_OPTIONAL "")
  set(HF_RECORD_TEXTS text)
  set(HF_RECORD_CODES "")
  set(HF_RECORD_KEEP hf_catalogue_keep_visitor)
  set(HF_RECORD_CHECK hf_catalogue_nothing)
  set(HF_RECORD_WHERE "there")
  set(HF_RECORD_KNOWN "")
  hf_record_file(${file})
  set(visitors "${HF_RECORD_KNOWN}")
endmacro()

macro(hf_catalogue_keep_block)
  set(row "")
  foreach(server ${HF_CATALOGUE_SERVERS})
    if("${${server}}" STREQUAL "" AND NOT "${${server}-trap}" STREQUAL "")
      hf_record_fail("${id_at}" "${id} has ${server}-trap, but no ${server}")
    endif()
    set(${id}_${server} "${${server}}")
    set(${id}_${server}-trap "${${server}-trap}")
    hf_record_quote("${${server}}" quoted)
    hf_record_quote("${${server}-trap}" trap)
    string(TOUPPER "FINDING_SERVER_${server}" symbol)
    string(APPEND row "[${symbol}] = {${quoted}, ${trap}}, ")
  endforeach()
  string(APPEND block_rows "    {\"${id}\", {${row}}},\n")
endmacro()

macro(hf_catalogue_blocks file)
  set(HF_RECORD_REQUIRED "")
  set(HF_RECORD_OPTIONAL "")
  set(HF_RECORD_TEXTS "")
  foreach(server ${HF_CATALOGUE_SERVERS})
    list(APPEND HF_RECORD_OPTIONAL ${server} ${server}-trap)
    list(APPEND HF_RECORD_TEXTS ${server}-trap)
  endforeach()
  set(HF_RECORD_CODES ${HF_CATALOGUE_SERVERS})
  set(HF_RECORD_KEEP hf_catalogue_keep_block)
  set(HF_RECORD_CHECK hf_catalogue_nothing)
  set(HF_RECORD_WHERE "there")
  set(HF_RECORD_KNOWN "")
  hf_record_file(${file})
  set(blocks "${HF_RECORD_KNOWN}")
endmacro()

# -- The findings ----------------------------------------------------------------------------------------------------

macro(hf_catalogue_check)
  if(name MATCHES "^(severity|configuration)$" AND NOT value MATCHES "^(info|warning|error)$")
    hf_record_fail("${at}" "'${value}' is not a severity: info, warning or error")
  elseif(name STREQUAL "section" AND NOT value MATCHES "^(-|[0-9]+(\\.[0-9]+)*)$")
    hf_record_fail("${at}" "'${value}' is not a section of RFC 6797, nor -")
  elseif(name STREQUAL "visitor" AND NOT value IN_LIST visitors)
    hf_record_fail("${at}" "'${value}' is not in visitors.txt")
  elseif(name STREQUAL "block")
    string(REGEX MATCH "^[^ ]*" used "${value}")
    if(NOT used IN_LIST blocks)
      hf_record_fail("${at}" "'${used}' is not in blocks.txt")
    endif()
  endif()
endmacro()

# "hsts-header max-age=300": the members block and policy.
function(hf_catalogue_block value result)
  if(value STREQUAL "")
    set(${result} "NULL, NULL" PARENT_SCOPE)
    return()
  endif()
  string(REGEX MATCH "^([^ ]*)( (.*))?$" all "${value}")
  set(policy "${CMAKE_MATCH_3}")
  list(FIND blocks "${CMAKE_MATCH_1}" number)
  hf_record_quote("${policy}" policy)
  set(${result} "&blocks[${number}], ${policy}" PARENT_SCOPE)
endfunction()

macro(hf_catalogue_keep)
  set(row "\"${id}\"")
  if(configuration STREQUAL "")
    set(configuration "${severity}")
  endif()
  foreach(key severity configuration section title why fix visitor others)
    set(quoted "${${key}}")
    if(key STREQUAL "visitor" AND NOT quoted STREQUAL "")
      set(quoted "${visitor_of_${visitor}}")
    endif()
    hf_record_quote("${quoted}" quoted)
    if(key MATCHES "^(severity|configuration)$")
      string(TOUPPER "HF_SEVERITY_${${key}}" quoted)
    endif()
    string(APPEND row ", ${quoted}")
  endforeach()
  hf_catalogue_block("${block}" quoted)
  string(TOUPPER "RULE_${id}" symbol)
  string(REPLACE "-" "_" symbol "${symbol}")
  string(APPEND ids "    ${symbol}, /* ${id} */\n")
  string(APPEND rows "    [${symbol}] = {${row}, ${quoted}, &families[${family}]},\n")
endmacro()

# The first line of a file, without "# ".
macro(hf_catalogue_family path)
  file(STRINGS ${path} heading LIMIT_COUNT 1 ENCODING UTF-8)
  if(NOT heading MATCHES "^# (.*[^ ])$")
    hf_record_fail("${path}:1" "not '# ' and the heading of the family")
  endif()
  hf_record_quote("${CMAKE_MATCH_1}" quoted)
  get_filename_component(stem "${path}" NAME_WE)
  set(heading_${stem} "${CMAKE_MATCH_1}")
  string(APPEND family_rows "    {\"${stem}\", ${quoted}},\n")
endmacro()

# Sets rows, ids, family_rows and block_rows; of each family heading_NAME.
macro(hf_catalogue_read visitors_file blocks_file)
  foreach(list rows ids family_rows block_rows visitors blocks)
    set(${list} "")
  endforeach()
  if(NOT "${visitors_file}" STREQUAL "")
    hf_catalogue_visitors("${visitors_file}")
  endif()
  if(NOT "${blocks_file}" STREQUAL "")
    hf_catalogue_blocks("${blocks_file}")
  endif()
  set(HF_RECORD_REQUIRED severity section title why fix)
  set(HF_RECORD_OPTIONAL configuration visitor others block)
  set(HF_RECORD_TEXTS title why fix others)
  set(HF_RECORD_CODES "")
  set(HF_RECORD_KEEP ${HF_CATALOGUE_KEEP})
  set(HF_RECORD_CHECK hf_catalogue_check)
  set(HF_RECORD_WHERE "in the catalogue")
  set(HF_RECORD_KNOWN "")
  set(family 0)
  foreach(file ${ARGN})
    hf_catalogue_family(${file})
    hf_record_file(${file})
    math(EXPR family "${family} + 1")
  endforeach()
endmacro()

function(hf_catalogue out visitors_file blocks_file)
  hf_catalogue_read("${visitors_file}" "${blocks_file}" ${ARGN})
  if(rows STREQUAL "")
    hf_record_fail("${out}" "the catalogue is empty")
  endif()
  if(block_rows STREQUAL "")
    set(block_rows "    {0},\n")
  endif()
  # Written only when it differs: a text that was changed does not compile anything but the table again.
  file(CONFIGURE OUTPUT ${out}/include/findings/rule_ids.h @ONLY CONTENT
       "/* Made from src/findings/catalogue. */\ntypedef enum rule_id {\n@ids@    RULE_COUNT\n} rule_id;\n")
  file(CONFIGURE OUTPUT ${out}/rule_table.c @ONLY CONTENT
       "#include \"findings/catalogue.h\"\n\nstatic const finding_family families[] = {\n@family_rows@};\n\nstatic const finding_block blocks[] = {\n@block_rows@};\n\nconst rule_entry rule_entries[RULE_COUNT] = {\n@rows@};\n")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  hf_catalogue(${OUT} "${VISITORS}" "${BLOCKS}" ${FILES})
endif()
