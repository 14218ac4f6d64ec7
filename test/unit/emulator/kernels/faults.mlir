// One kernel per check of the emulator. The third parameter plants the fault: with 0 each kernel is right.
// Parameters: input, output, fault. Blocks of 64 threads unless a kernel says otherwise.
gpu.module @faults {
  llvm.mlir.global internal @words() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x i32>

  // Threads read what others wrote; the fault leaves out the barrier.
  llvm.func @race(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c63 = llvm.mlir.constant(63 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %faulty = llvm.icmp "ne" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %words = llvm.mlir.addressof @words : !llvm.ptr<3>
    %mine = llvm.getelementptr %words[%tid] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    llvm.store %tid, %mine : i32, !llvm.ptr<3>
    llvm.cond_br %faulty, ^read, ^synchronise
  ^synchronise:
    nvvm.barrier0
    llvm.br ^read
  ^read:
    %other = llvm.sub %c63, %tid : i32
    %theirs = llvm.getelementptr %words[%other] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %value = llvm.load %theirs : !llvm.ptr<3> -> i32
    %to = llvm.getelementptr %output[%tid] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %value, %to : i32, !llvm.ptr<1>
    llvm.return
  }

  // A second round overwrites what others still read; the fault leaves out the barrier between the rounds.
  llvm.func @overwrite(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c63 = llvm.mlir.constant(63 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %faulty = llvm.icmp "ne" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %words = llvm.mlir.addressof @words : !llvm.ptr<3>
    %mine = llvm.getelementptr %words[%tid] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    llvm.store %tid, %mine : i32, !llvm.ptr<3>
    nvvm.barrier0
    %other = llvm.sub %c63, %tid : i32
    %theirs = llvm.getelementptr %words[%other] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %value = llvm.load %theirs : !llvm.ptr<3> -> i32
    llvm.cond_br %faulty, ^write, ^synchronise
  ^synchronise:
    nvvm.barrier0
    llvm.br ^write
  ^write:
    llvm.store %value, %mine : i32, !llvm.ptr<3>
    %to = llvm.getelementptr %output[%tid] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %value, %to : i32, !llvm.ptr<1>
    llvm.return
  }

  // output[tid + fault] = tid: the last thread leaves the output.
  llvm.func @global_bounds(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %tid64 = llvm.zext %tid : i32 to i64
    %index = llvm.add %tid64, %fault : i64
    %to = llvm.getelementptr %output[%index] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, i32
    llvm.store %tid, %to : i32, !llvm.ptr<1>
    llvm.return
  }

  // words[tid + fault] = tid.
  llvm.func @shared_bounds(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %tid64 = llvm.zext %tid : i32 to i64
    %index = llvm.add %tid64, %fault : i64
    %words = llvm.mlir.addressof @words : !llvm.ptr<3>
    %to = llvm.getelementptr %words[%index] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i32
    llvm.store %tid, %to : i32, !llvm.ptr<3>
    llvm.return
  }

  // The fault: only the first 40 threads write the words that all read after the barrier.
  llvm.func @uninitialised(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c40 = llvm.mlir.constant(40 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %right = llvm.icmp "eq" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %first = llvm.icmp "ult" %tid, %c40 : i32
    %writes = llvm.or %right, %first : i1
    %words = llvm.mlir.addressof @words : !llvm.ptr<3>
    %mine = llvm.getelementptr %words[%tid] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    llvm.cond_br %writes, ^write, ^synchronise
  ^write:
    llvm.store %tid, %mine : i32, !llvm.ptr<3>
    llvm.br ^synchronise
  ^synchronise:
    nvvm.barrier0
    %value = llvm.load %mine : !llvm.ptr<3> -> i32
    %to = llvm.getelementptr %output[%tid] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %value, %to : i32, !llvm.ptr<1>
    llvm.return
  }

  // cp.async, commit, wait, barrier, read; the fault leaves out the wait.
  llvm.func @missing_wait(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c63 = llvm.mlir.constant(63 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %input = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %faulty = llvm.icmp "ne" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %words = llvm.mlir.addressof @words : !llvm.ptr<3>
    %mine = llvm.getelementptr %words[%tid] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %from = llvm.getelementptr %input[%tid] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    nvvm.cp.async.shared.global %mine, %from, 4, cache = ca : !llvm.ptr<3>, !llvm.ptr<1>
    nvvm.cp.async.commit.group
    llvm.cond_br %faulty, ^synchronise, ^wait
  ^wait:
    nvvm.cp.async.wait.group 0
    llvm.br ^synchronise
  ^synchronise:
    nvvm.barrier0
    %other = llvm.sub %c63, %tid : i32
    %theirs = llvm.getelementptr %words[%other] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %value = llvm.load %theirs : !llvm.ptr<3> -> i32
    %to = llvm.getelementptr %output[%tid] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %value, %to : i32, !llvm.ptr<1>
    llvm.return
  }

  // The fault: only the first 40 threads reach the barrier.
  llvm.func @divergent_barrier(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c40 = llvm.mlir.constant(40 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %right = llvm.icmp "eq" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %first = llvm.icmp "ult" %tid, %c40 : i32
    %arrives = llvm.or %right, %first : i1
    llvm.cond_br %arrives, ^synchronise, ^done
  ^synchronise:
    nvvm.barrier0
    llvm.br ^done
  ^done:
    llvm.return
  }

  // The fault: the lanes of a warp wait at two different instructions.
  llvm.func @two_barriers(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c40 = llvm.mlir.constant(40 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %right = llvm.icmp "eq" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %first = llvm.icmp "ult" %tid, %c40 : i32
    %here = llvm.or %right, %first : i1
    llvm.cond_br %here, ^one, ^other
  ^one:
    nvvm.barrier0
    llvm.br ^done
  ^other:
    nvvm.barrier0
    llvm.br ^done
  ^done:
    llvm.return
  }

  // Lanes exchange with the lane 16 further; the fault: the upper half of each warp does not take part.
  llvm.func @divergent_shuffle(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c16 = llvm.mlir.constant(16 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %all = llvm.mlir.constant(-1 : i32) : i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %right = llvm.icmp "eq" %fault, %zero : i64
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %lower = llvm.icmp "ult" %lane, %c16 : i32
    %takes_part = llvm.or %right, %lower : i1
    llvm.cond_br %takes_part, ^exchange, ^done
  ^exchange:
    %value = nvvm.shfl.sync bfly %all, %tid, %c16, %c31 : i32 -> i32
    %to = llvm.getelementptr %output[%tid] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %value, %to : i32, !llvm.ptr<1>
    llvm.br ^done
  ^done:
    llvm.return
  }

  // An aligned instruction that the fault keeps from the upper half of each warp.
  llvm.func @divergent_mma(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c16 = llvm.mlir.constant(16 : i32) : i32
    %one = llvm.mlir.constant(1065369472 : i32) : i32
    %sum = llvm.mlir.constant(0.0 : f32) : f32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %right = llvm.icmp "eq" %fault, %zero : i64
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %lower = llvm.icmp "ult" %lane, %c16 : i32
    %takes_part = llvm.or %right, %lower : i1
    llvm.cond_br %takes_part, ^multiply, ^done
  ^multiply:
    %d = nvvm.mma.sync A[%one, %one, %one, %one] B[%one, %one] C[%sum, %sum, %sum, %sum]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<bf16>,
         multiplicandBPtxType = #nvvm.mma_type<bf16>, shape = #nvvm.shape<m = 16, n = 8, k = 16>}
        : (i32, i32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
    llvm.br ^done
  ^done:
    llvm.return
  }

  // An i64 at byte 4 * fault.
  llvm.func @misaligned(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %input = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %output_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %output_slot : !llvm.ptr -> !llvm.ptr<1>
    %fault_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %fault = llvm.load %fault_slot : !llvm.ptr -> i64
    %from = llvm.getelementptr %input[%fault] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, i32
    %value = llvm.load %from : !llvm.ptr<1> -> i64
    llvm.store %value, %output : i64, !llvm.ptr<1>
    llvm.return
  }
}
