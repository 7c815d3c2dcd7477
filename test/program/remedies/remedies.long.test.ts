import { WAYS_OUT } from "./codes.ts";
import { testWayOut } from "./wayOut.ts";

for (const wayOut of WAYS_OUT) testWayOut(wayOut);
