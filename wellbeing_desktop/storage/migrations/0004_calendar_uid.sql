-- What an event is called in the calendar that an appointment came from, so that it is never booked twice.

ALTER TABLE "appointment" ADD COLUMN "calendar_uid" TEXT;
