# Writes the mask library as a table of {file name, text} for BuiltinMasks.cpp. Run with -D OUTPUT=… -D FILES=a;b;c -P.
set(table "")
foreach(file ${FILES})
  file(READ ${file} text)
  get_filename_component(name ${file} NAME)
  string(APPEND table "{\"masks/${name}\", R\"mlir(${text})mlir\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${table}")
