/**
 * Registers the machines of a CSV file as one resource, hundreds at a time. Sign-in and file are the same as in the example
 * `autopilot`.
 *
 *     npm run build && cd examples/autopilot-fleet && pulumi stack init dev
 *     pulumi config set groupTag Office
 *     pulumi config set list <path of your file>
 *     pulumi up
 *
 * A preview names the machines that `pulumi up` would create, change, replace and delete. If the import of one machine fails, the
 * others are registered nevertheless, and the next `pulumi up` retries only that one.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotFleet, readAutopilotCsv } from "pulumi-device-identity";

const config = new pulumi.Config();

const office = new AutopilotFleet("office", {
	machines: readAutopilotCsv(config.get("list") ?? join(__dirname, "../autopilot/machines.csv")),
	// Applies to machines whose row has no group tag.
	defaults: { groupTag: config.get("groupTag") ?? "" },
});

/** The number of machines. */
export const machines = office.count;
