import { createDevicePlace } from "./devicePlace.ts";
import { testSeason } from "./season.ts";

testSeason("DeviceIdentity", createDevicePlace);
