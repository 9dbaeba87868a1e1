"""The release rules written a second time, from the documents, sharing no code with the product.

Everything here works on plain dictionaries as they stand in the logs. Where the oracle and the
product disagree, one of them is wrong; a test then says which record, which viewer.
"""
