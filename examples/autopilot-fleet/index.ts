/**
 * The machines of a CSV file as one resource, hundreds of them imported at a time. Sign-in and list are those of the
 * example `autopilot`.
 *
 *     npm run build && cd examples/autopilot-fleet && pulumi stack init dev
 *     pulumi config set groupTag Office
 *     pulumi config set list <path of your own file>
 *     pulumi up
 *
 * A preview names the machines that it would create, change, replace and delete. One whose import fails keeps none of the
 * others from being registered, and the next `pulumi up` tries only that one again.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet, readAutopilotCsv } from "pulumi-device-identity";

const config = new pulumi.Config();

const office = new AutopilotFleet("office", {
	machines: readAutopilotCsv(config.get("list") ?? join(__dirname, "../autopilot/machines.csv")),
	// For machines whose row has no group tag of its own.
	defaults: { groupTag: config.get("groupTag") ?? "" },
});

/** How many machines there are. */
export const machines = office.count;
