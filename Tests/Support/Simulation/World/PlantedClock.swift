public import Wire

/// Tells planted mistakes that look at a clock what time it is; in an ordinary build there is nothing to tell.
enum PlantedClock {
  @inline(__always) static func set(_ now: UInt64) {
    #if PLANTED_FAULTS
      Planted.now = 1_700_000_000_000 + now
    #endif
  }
}

/// Which mistake a run is to be made with.
public enum Planting {
  public static var isPossible: Bool {
    #if PLANTED_FAULTS
      true
    #else
      false
    #endif
  }

  public static func plant(_ fault: PlantedFault?) {
    #if PLANTED_FAULTS
      Planted.fault = fault
    #endif
  }
}
