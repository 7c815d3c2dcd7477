import { createArgumentError } from "./hubError.ts";

/** The alphabet and length that the .NET service client checks; the hub itself compares ids by their exact case. */
const DEVICE_ID = /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/;

/** Refuses with 400 a device or module id that the hub could not hold. */
export function requireId(id: string, name = "deviceId"): void {
	if (!DEVICE_ID.test(id))
		throw createArgumentError(`The value of ${name} is not a valid id: '${id.slice(0, 200)}'`);
}
