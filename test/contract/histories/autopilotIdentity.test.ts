import { createMachinePlace } from "./machinePlace.ts";
import { testSeason } from "./season.ts";

testSeason("AutopilotIdentity", createMachinePlace);
