import { machinePlace } from "./machinePlace.ts";
import { seasonOf } from "./season.ts";

seasonOf("AutopilotIdentity", machinePlace);
