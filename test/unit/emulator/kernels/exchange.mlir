// Kernels that exchange data between threads: shuffles, votes, shared memory, named barriers, atomics.
// Parameters: input, output.
gpu.module @exchange {
  llvm.mlir.global internal @sums() {addr_space = 3 : i32, alignment = 4 : i64} : !llvm.array<4 x f32>
  llvm.mlir.global internal @stage() {addr_space = 3 : i32, alignment = 4 : i64} : !llvm.array<32 x i32>
  llvm.mlir.global external @dynamic() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>

  // output[block] = sum of input[128 * block ..]: butterfly in each of four warps, then through shared memory.
  llvm.func @block_sum(%params: !llvm.ptr {llvm.byval = !llvm.array<16 x i8>}) attributes {nvvm.kernel, nvvm.reqntid = array<i32: 128>} {
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c2 = llvm.mlir.constant(2 : i32) : i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %c8 = llvm.mlir.constant(8 : i32) : i32
    %c16 = llvm.mlir.constant(16 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %c32 = llvm.mlir.constant(32 : i32) : i32
    %all = llvm.mlir.constant(-1 : i32) : i32
    %input = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %block = nvvm.read.ptx.sreg.ctaid.x : i32
    %size = nvvm.read.ptx.sreg.ntid.x : i32
    %first = llvm.mul %block, %size : i32
    %index = llvm.add %first, %tid : i32
    %from = llvm.getelementptr %input[%index] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    %v0 = llvm.load %from : !llvm.ptr<1> -> f32
    %s0 = nvvm.shfl.sync bfly %all, %v0, %c16, %c31 : f32 -> f32
    %v1 = llvm.fadd %v0, %s0 : f32
    %s1 = nvvm.shfl.sync bfly %all, %v1, %c8, %c31 : f32 -> f32
    %v2 = llvm.fadd %v1, %s1 : f32
    %s2 = nvvm.shfl.sync bfly %all, %v2, %c4, %c31 : f32 -> f32
    %v3 = llvm.fadd %v2, %s2 : f32
    %s3 = nvvm.shfl.sync bfly %all, %v3, %c2, %c31 : f32 -> f32
    %v4 = llvm.fadd %v3, %s3 : f32
    %s4 = nvvm.shfl.sync bfly %all, %v4, %c1, %c31 : f32 -> f32
    %v5 = llvm.fadd %v4, %s4 : f32
    %warp = llvm.udiv %tid, %c32 : i32
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %sums = llvm.mlir.addressof @sums : !llvm.ptr<3>
    %leads = llvm.icmp "eq" %lane, %c0 : i32
    llvm.cond_br %leads, ^publish, ^synchronise
  ^publish:
    %mine = llvm.getelementptr %sums[%warp] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    llvm.store %v5, %mine : f32, !llvm.ptr<3>
    llvm.br ^synchronise
  ^synchronise:
    nvvm.barrier0
    %is_first = llvm.icmp "eq" %tid, %c0 : i32
    llvm.cond_br %is_first, ^finish, ^done
  ^finish:
    %four = llvm.load %sums {alignment = 4 : i64} : !llvm.ptr<3> -> vector<4xf32>
    %init = llvm.mlir.constant(0.0 : f32) : f32
    %total = "llvm.intr.vector.reduce.fadd"(%init, %four) <{fastmathFlags = #llvm.fastmath<none>}> : (f32, vector<4xf32>) -> f32
    %to = llvm.getelementptr %output[%block] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    llvm.store %total, %to : f32, !llvm.ptr<1>
    llvm.br ^done
  ^done:
    llvm.return
  }

  // output[i][lane] for i = up by 3, down by 5, idx 7 in segments of 8, their validity bits, ballot of odd input, redux sum.
  llvm.func @warp_exchange(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c2 = llvm.mlir.constant(2 : i32) : i32
    %c3 = llvm.mlir.constant(3 : i32) : i32
    %c5 = llvm.mlir.constant(5 : i32) : i32
    %c7 = llvm.mlir.constant(7 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %eights = llvm.mlir.constant(6175 : i32) : i32
    %all = llvm.mlir.constant(-1 : i32) : i32
    %input = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %from = llvm.getelementptr %input[%lane] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    %value = llvm.load %from : !llvm.ptr<1> -> i32
    %up = nvvm.shfl.sync up %all, %value, %c3, %c0 {return_value_and_is_valid} : i32 -> !llvm.struct<(i32, i1)>
    %down = nvvm.shfl.sync down %all, %value, %c5, %c31 {return_value_and_is_valid} : i32 -> !llvm.struct<(i32, i1)>
    %idx = nvvm.shfl.sync idx %all, %value, %c7, %eights {return_value_and_is_valid} : i32 -> !llvm.struct<(i32, i1)>
    %up_value = llvm.extractvalue %up[0] : !llvm.struct<(i32, i1)>
    %up_valid = llvm.extractvalue %up[1] : !llvm.struct<(i32, i1)>
    %down_value = llvm.extractvalue %down[0] : !llvm.struct<(i32, i1)>
    %down_valid = llvm.extractvalue %down[1] : !llvm.struct<(i32, i1)>
    %idx_value = llvm.extractvalue %idx[0] : !llvm.struct<(i32, i1)>
    %idx_valid = llvm.extractvalue %idx[1] : !llvm.struct<(i32, i1)>
    %b0 = llvm.zext %up_valid : i1 to i32
    %b1 = llvm.zext %down_valid : i1 to i32
    %b1s = llvm.shl %b1, %c1 : i32
    %b2 = llvm.zext %idx_valid : i1 to i32
    %b2s = llvm.shl %b2, %c2 : i32
    %b01 = llvm.or %b0, %b1s : i32
    %valid = llvm.or %b01, %b2s : i32
    %low = llvm.and %value, %c1 : i32
    %odd = llvm.icmp "ne" %low, %c0 : i32
    %ballot = nvvm.vote.sync ballot %all, %odd -> i32
    %sum = nvvm.redux.sync add %value, %all : i32 -> i32
    %at0 = llvm.getelementptr %output[%lane] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %up_value, %at0 : i32, !llvm.ptr<1>
    %at1 = llvm.getelementptr %at0[32] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    llvm.store %down_value, %at1 : i32, !llvm.ptr<1>
    %at2 = llvm.getelementptr %at0[64] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    llvm.store %idx_value, %at2 : i32, !llvm.ptr<1>
    %at3 = llvm.getelementptr %at0[96] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    llvm.store %valid, %at3 : i32, !llvm.ptr<1>
    %at4 = llvm.getelementptr %at0[128] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    llvm.store %ballot, %at4 : i32, !llvm.ptr<1>
    %at5 = llvm.getelementptr %at0[160] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    llvm.store %sum, %at5 : i32, !llvm.ptr<1>
    llvm.return
  }

  // Two warps: the first writes and arrives at barrier 1, the second waits there and reads. No other barrier.
  llvm.func @producer_consumer(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %c32 = llvm.mlir.constant(32 : i32) : i32
    %c64 = llvm.mlir.constant(64 : i32) : i32
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %stage = llvm.mlir.addressof @stage : !llvm.ptr<3>
    %produces = llvm.icmp "ult" %tid, %c32 : i32
    llvm.cond_br %produces, ^produce, ^consume
  ^produce:
    %mine = llvm.getelementptr %stage[%lane] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    llvm.store %tid, %mine : i32, !llvm.ptr<3>
    nvvm.barrier.arrive id = %c1 number_of_threads = %c64
    llvm.br ^done
  ^consume:
    nvvm.barrier id = %c1 number_of_threads = %c64
    %other = llvm.sub %c31, %lane : i32
    %theirs = llvm.getelementptr %stage[%other] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %value = llvm.load %theirs : !llvm.ptr<3> -> i32
    %to = llvm.getelementptr %output[%lane] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %value, %to : i32, !llvm.ptr<1>
    llvm.br ^done
  ^done:
    llvm.return
  }

  // output[0] += 1 from every thread of every block; dynamic shared memory behind 16 static bytes, written and read.
  llvm.func @count(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %sums = llvm.mlir.addressof @sums : !llvm.ptr<3>
    %dynamic = llvm.mlir.addressof @dynamic : !llvm.ptr<3>
    %generic = llvm.addrspacecast %dynamic : !llvm.ptr<3> to !llvm.ptr
    %mine = llvm.getelementptr %generic[%tid] : (!llvm.ptr, i32) -> !llvm.ptr, i32
    llvm.store %c1, %mine : i32, !llvm.ptr
    %address = llvm.ptrtoint %dynamic : !llvm.ptr<3> to i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %offset = llvm.mul %tid, %c4 : i32
    %moved = llvm.add %address, %offset : i32
    %again = llvm.inttoptr %moved : i32 to !llvm.ptr<3>
    %one = llvm.load %again : !llvm.ptr<3> -> i32
    %same = llvm.ptrtoint %sums : !llvm.ptr<3> to i64
    %old = llvm.atomicrmw add %output, %one monotonic : !llvm.ptr<1>, i32
    llvm.return
  }
}
