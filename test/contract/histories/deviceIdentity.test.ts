import { devicePlace } from "./devicePlace.ts";
import { seasonOf } from "./season.ts";

seasonOf("DeviceIdentity", devicePlace);
