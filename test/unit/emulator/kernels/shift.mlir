// y[i] = x[i + shift]. Parameters: x, y, shift. The kernel of DeviceFixture.c.
gpu.module @shift {
  llvm.func @shift.kernel0(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %x = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %y_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %y = llvm.load %y_slot : !llvm.ptr -> !llvm.ptr<1>
    %shift_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %shift = llvm.load %shift_slot : !llvm.ptr -> i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %block = nvvm.read.ptx.sreg.ctaid.x : i32
    %size = nvvm.read.ptx.sreg.ntid.x : i32
    %first = llvm.mul %block, %size : i32
    %index32 = llvm.add %first, %tid : i32
    %index = llvm.zext %index32 : i32 to i64
    %from = llvm.add %index, %shift : i64
    %source = llvm.getelementptr %x[%from] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %value = llvm.load %source : !llvm.ptr<1> -> f32
    %to = llvm.getelementptr %y[%index] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    llvm.store %value, %to : f32, !llvm.ptr<1>
    llvm.return
  }
}
