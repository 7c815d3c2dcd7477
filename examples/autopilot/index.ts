/**
 * The machines of a CSV file, as the Intune portal takes it and `Get-WindowsAutopilotInfo` writes it, each registered with
 * Windows Autopilot.
 *
 *     npm run build && cd examples/autopilot && pulumi stack init dev
 *     pulumi config set autopilot:tenantId '<the tenant>'
 *     pulumi config set autopilot:clientId '<an application with DeviceManagementServiceConfig.ReadWrite.All>'
 *     pulumi config set --secret autopilot:clientSecret '<its secret>'
 *     pulumi config set groupTag Office
 *     pulumi up
 *
 * An import takes a minute or several; all of them run at once. The hashes of this file are made up, and Autopilot refuses
 * them or registers machines that nobody has: put your own in. Real ones describe hardware that somebody owns, so keep
 * that file out of Git, or encrypted in it.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotIdentity, readAutopilotCsv } from "pulumi-device-identity";

/** For machines whose row has no group tag of its own. */
const groupTag = new pulumi.Config().get("groupTag");

const machines = new Map(
	readAutopilotCsv(join(__dirname, "machines.csv")).map((row) => [
		row.serialNumber,
		new AutopilotIdentity(row.serialNumber, { ...(groupTag === undefined ? {} : { groupTag }), ...row }),
	]),
);

/** The id under which each machine is registered, by serial number. */
export const registrationIds = Object.fromEntries([...machines].map(([serial, { id }]) => [serial, id]));
